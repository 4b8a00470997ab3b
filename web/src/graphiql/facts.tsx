/** What an answer took: time, size, cost, and what is left of the token's share. */
import type { Run } from "./runs";

/** Without a run its line stays, so that nothing moves when the answer comes. */
export function Facts({ run }: { run: Run | undefined }) {
  const { milliseconds = null, bytes = null, cost = null, pointsLeft = null } = run ?? {};
  const facts = [
    milliseconds !== null && `${Math.round(milliseconds).toLocaleString()} ms`,
    bytes !== null && size(bytes),
  ].filter(Boolean);
  return (
    <p className="facts">
      {facts.length > 0 && <span title="From the request to the complete answer; size before compression">{facts.join(" · ")}</span>}
      {cost && (
        <span title={`Of at most ${cost.maximum.toLocaleString()} for one request`}>cost {cost.requested.toLocaleString()}</span>
      )}
      {pointsLeft !== null && (
        <span title="Points of this token that are left in this minute: a request takes one, and one for each 100 of its cost">
          {Number(pointsLeft).toLocaleString()} points left
        </span>
      )}
    </p>
  );
}

function size(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
