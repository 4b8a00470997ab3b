/** Where the facts of a row came from: the webhooks that mention it. For admins. */
import { useState } from "react";
import { useData } from "../../api/use-data";
import { graphql } from "../../generated";
import { useView } from "../view";
import { count, dateTime } from "../../ui/format";
import { graphiqlLink } from "../../ui/share-link";
import { StateBadge } from "../../ui/columns";
import { EVENT_STATUSES, stateWord } from "./words";

const EVENTS = graphql(`
  query EventsOf($id: ID!) {
    node(id: $id) {
      ... on Promoter { events(first: 50) { ...EventsOfRow } }
      ... on Lead { events(first: 50) { ...EventsOfRow } }
      ... on Commission { events(first: 50) { ...EventsOfRow } }
    }
  }
  fragment EventsOfRow on WebhookEventConnection {
    totalCount
    nodes { id eventId eventType protocol occurredAt receivedAt deliveries status statusRaw warnings }
  }
`);

/** What a link to GraphiQL asks of an event. */
const EVENT = `query WebhookEvent($id: ID!) {
  node(id: $id) {
    ... on WebhookEvent { eventType eventId protocol occurredAt receivedAt status error warnings body }
  }
}`;

/** The promoter's own lineage: loaded once it is asked for, as busy promoters have thousands of webhooks. */
export function LineagePanel({ id }: { id: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="panel" aria-label="Lineage">
      <header className="panel-head">
        <h2>Lineage</h2>
        <div className="panel-tools">
          <button type="button" className="quiet-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{isOpen ? "Hide" : "Show"} webhooks</button>
        </div>
      </header>
      <p className="panel-note">The webhooks that mention the promoter. Those of a lead or a commission are in its row.</p>
      {isOpen && <EventsOf id={id} />}
    </section>
  );
}

export function EventsOf({ id }: { id: string }) {
  const { timezone } = useView().view;
  const { data, error } = useData(EVENTS, { id });
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <p>Loading…</p>;
  const events = data.node && "events" in data.node ? data.node.events : null;
  if (!events?.nodes.length) return <p>No stored webhook mentions it.</p>;
  return (
    <div className="lineage">
      <p>
        {events.totalCount === 1 ? "1 webhook mentions it" : `${count(events.totalCount)} webhooks mention it`}
        {events.totalCount > events.nodes.length ? `; the newest ${events.nodes.length}:` : ":"}
      </p>
      <ul>
        {events.nodes.map((event) => (
          <li key={event.id}>
            <a href={graphiqlLink({ query: EVENT, variables: { id: event.id } })} target="_blank" rel="opener">{event.eventType || "unknown"} {event.eventId}</a>
            <span>{event.protocol}</span>
            <span>happened {dateTime(event.occurredAt, timezone)}</span>
            <span>received {dateTime(event.receivedAt, timezone)}{event.deliveries > 1 ? `, ${count(event.deliveries)} times` : ""}</span>
            <StateBadge state={stateWord(EVENT_STATUSES, event.status, event.statusRaw)} />
            {event.warnings?.map((warning) => <span key={warning} className="warning">{warning}</span>)}
          </li>
        ))}
      </ul>
    </div>
  );
}
