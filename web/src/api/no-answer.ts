/** What is said when nobody is there. */
export const NO_ANSWER = "The server does not answer. Is it still running?";
