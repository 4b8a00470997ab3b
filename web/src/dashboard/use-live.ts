/** Asks for the page's figures again when rows have changed. */
import { useEffect, useState } from "react";
import { liveClientFor } from "../api/live";
import { queryClient } from "../api/use-data";
import { graphql } from "../generated";
import type { Role } from "../generated/graphql";
import { useSession } from "../session/session";

const CHANGES = [
  graphql(`subscription LeadChanges { leadChanged { id } }`),
  graphql(`subscription CommissionChanges { commissionChanged { id } }`),
  graphql(`subscription PayoutChanges { payoutChanged { id } }`),
  graphql(`subscription PromoterChanges { promoterChanged { id } }`),
];
const EVENTS = graphql(`subscription ReceivedEvents { webhookEventReceived { id } }`);

/** Changes that come together are one refresh. */
const BATCH = 200;
/** Between two refreshes; ten times as long as one takes, if that is longer: a busy database is asked less often. */
const MIN_INTERVAL = 5_000;
/** Also without a change: "now" moves on, and the connection may be down. */
const MAX_INTERVAL = 60_000;
const RETRY_DELAY = 5_000;

/** Whether changes arrive as they happen. */
export function useLive(role: Role): boolean {
  const { token, standing } = useSession();
  const isRefused = standing.kind === "refused";
  const [isLive, setLive] = useState(false);
  useEffect(() => {
    if (!token || isRefused) return;
    const client = liveClientFor(token);
    const timers = new Set<ReturnType<typeof setTimeout>>();
    let isOver = false;
    const later = (action: () => void, delay: number) => {
      if (isOver) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        action();
      }, delay);
      timers.add(timer);
    };
    let isBusy = false;
    let isMissed = false;
    const refresh = () => {
      isMissed = isBusy;
      if (isBusy) return;
      isBusy = true;
      later(async () => {
        const started = Date.now();
        isMissed = false;
        // A hidden page asks when it is looked at again.
        await queryClient.invalidateQueries({ refetchType: document.hidden ? "none" : "active" });
        const pause = Math.min(MAX_INTERVAL, Math.max(MIN_INTERVAL, 10 * (Date.now() - started)));
        later(() => {
          isBusy = false;
          if (isMissed) refresh();
        }, pause);
      }, BATCH);
    };
    const stops = new Map<string, () => void>();
    const follow = (query: string) => {
      const again = () => later(() => follow(query), RETRY_DELAY);
      stops.set(query, client.subscribe({ query }, { next: refresh, error: again, complete: again }));
    };
    let wasLost = false;
    client.on("connected", () => {
      setLive(true);
      // What changed while nobody listened is read anew.
      if (wasLost) refresh();
    });
    client.on("closed", () => {
      setLive(false);
      wasLost = true;
    });
    for (const changes of CHANGES) follow(changes.toString());
    if (role === "ADMIN") follow(EVENTS.toString());
    const regular = setInterval(refresh, MAX_INTERVAL);
    return () => {
      isOver = true;
      clearInterval(regular);
      for (const timer of timers) clearTimeout(timer);
      setLive(false);
      // One by one: what is still waiting for the connection would be sent after its close. The last one closes it.
      for (const stop of stops.values()) stop();
    };
  }, [token, isRefused, role]);
  return isLive;
}
