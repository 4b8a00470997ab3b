/** Where the server is, and what shows that we may ask it. */
export interface Server {
  url: string;
  token: string;
}
