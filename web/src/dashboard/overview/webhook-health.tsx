/** Whether webhooks arrive and are applied. */
import { useData } from "../../api/use-data";
import { graphql } from "../../generated";
import type { WebhookHealthQuery, WebhookEventStatus } from "../../generated/graphql";
import { count, dateTime, duration } from "../../ui/format";
import { Panel } from "../../ui/panel";

const WEBHOOK_HEALTH = graphql(`
  query WebhookHealth {
    freshness {
      lagMilliseconds lastReceivedAt lastAppliedAt
      eventsWithWarnings eventsHeldBack spooled
      counts { status count }
    }
  }
`);

type Freshness = NonNullable<WebhookHealthQuery["freshness"]>;

/** True if nothing was ever received; null until that is known. */
export function useHasNoWebhook(): boolean | null {
  const freshness = useData(WEBHOOK_HEALTH, {}).data?.freshness;
  return freshness ? !freshness.lastReceivedAt && !freshness.counts?.length : null;
}

export function WebhookHealth({ timezone }: { timezone: string }) {
  return (
    <Panel title="Webhooks" note="State now: the period does not apply." document={WEBHOOK_HEALTH} variables={{}} height={250}>
      {({ freshness }) => freshness && <Health freshness={freshness} timezone={timezone} />}
    </Panel>
  );
}

function Health({ freshness, timezone }: { freshness: Freshness; timezone: string }) {
  const of = (...statuses: WebhookEventStatus[]) => (freshness.counts ?? []).filter(({ status }) => statuses.includes(status)).reduce((sum, { count: events }) => sum + events, 0);
  const failed = of("FAILED", "UNREADABLE");
  const rows: { title: string; value: string; isBad?: boolean }[] = [
    { title: "Last received", value: dateTime(freshness.lastReceivedAt, timezone) },
    { title: "Last applied", value: dateTime(freshness.lastAppliedAt, timezone) },
    { title: "Applied", value: count(of("APPLIED")) },
    { title: "Waiting", value: count(of("PENDING")) },
    { title: "In the spool", value: count(freshness.spooled), isBad: Boolean(freshness.spooled) },
    { title: "Failed or unreadable", value: count(failed), isBad: failed > 0 },
    { title: "With warnings", value: count(freshness.eventsWithWarnings), isBad: Boolean(freshness.eventsWithWarnings) },
    { title: "Held back: clock ahead", value: count(freshness.eventsHeldBack), isBad: Boolean(freshness.eventsHeldBack) },
  ];
  return (
    <>
      <p className={failed || freshness.lagMilliseconds > 60_000 ? "verdict bad" : "verdict good"}>{verdict(freshness.lagMilliseconds, failed)}</p>
      <dl className="pairs">
        {rows.map(({ title, value, isBad }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd className={isBad ? "bad" : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function verdict(lag: number, failed: number): string {
  if (failed) return `${count(failed)} ${failed === 1 ? "event was" : "events were"} not applied`;
  return lag < 1000 ? "Up to date" : `${duration(lag)} behind`;
}
