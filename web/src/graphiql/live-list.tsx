/** The messages of a subscription, newest first; one that is chosen is shown beside the list. */
import { useState } from "react";
import { MAX_MESSAGES, type Message } from "./runs";
import { isTime, rowOf, textOf } from "./flatten";

interface Props {
  messages: Message[];
  isRunning: boolean;
  /** Shows a message's JSON. */
  show(message: Message): void;
}

const isOpaque = (key: string) => /(^|\.)(id|lastEventId)$/.test(key);

/** As many as can be looked through; all that are kept are in the table. */
const LISTED = 200;

export function LiveList({ messages, isRunning, show }: Props) {
  const total = messages[0]?.number ?? 0;
  /** Holds until the next message comes: GraphiQL shows that one then. */
  const [chosen, setChosen] = useState({ number: 0, of: 0 });
  const shown = chosen.of === total ? chosen.number : total;
  return (
    <section className="live-list" aria-label="Messages">
      <p aria-live="polite">
        {isRunning ? <b>Live</b> : "Ended"} · {isRunning && !total ? "waiting for the first message" : `${total.toLocaleString()} ${total === 1 ? "message" : "messages"}`}
        {total > LISTED && `, the newest ${LISTED} listed`}
        {total > MAX_MESSAGES && `, ${MAX_MESSAGES.toLocaleString()} kept`}
      </p>
      <ol>
        {messages.slice(0, LISTED).map((message) => (
          <li key={message.number}>
            <button
              type="button"
              aria-pressed={message.number === shown}
              onClick={() => {
                setChosen({ number: message.number, of: total });
                show(message);
              }}
            >
              <time dateTime={new Date(message.at).toISOString()}>{timeOf(message.at)}</time>
              <span>{summaryOf(message.answer)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { hourCycle: "h23", hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });
}

/** The first values of a message that say something, or its first error. */
function summaryOf(answer: unknown): string {
  const { data, errors } = answer as { data?: unknown; errors?: { message?: string }[] };
  if (!data && errors) return errors[0]?.message ?? "error";
  const cells = [...rowOf(data)].filter(([key, cell]) => cell !== null && !isOpaque(key) && !isTime(cell));
  return cells.slice(0, 5).map(([, cell]) => textOf(cell)).join(" · ");
}
