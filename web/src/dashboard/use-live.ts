/** Asks for the page's figures again when rows have changed: at once, and then every five seconds at most. */
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
    const later = (action: () => void, delay: number) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        action();
      }, delay);
      timers.add(timer);
    };
    let isPlanned = false;
    let lastRefresh = 0;
    const refresh = () => {
      if (isPlanned) return;
      isPlanned = true;
      later(() => {
        isPlanned = false;
        lastRefresh = Date.now();
        // A hidden page asks when it is looked at again.
        void queryClient.invalidateQueries({ refetchType: document.hidden ? "none" : "active" });
      }, Math.max(0, lastRefresh + MIN_INTERVAL - Date.now()));
    };
    const follow = (query: string) => {
      const again = () => later(() => follow(query), RETRY_DELAY);
      client.subscribe({ query }, { next: refresh, error: again, complete: again });
    };
    // What changed while nobody listened is read anew.
    client.on("connected", () => {
      setLive(true);
      refresh();
    });
    client.on("closed", () => setLive(false));
    for (const changes of CHANGES) follow(changes.toString());
    if (role === "ADMIN") follow(EVENTS.toString());
    const regular = setInterval(refresh, MAX_INTERVAL);
    return () => {
      clearInterval(regular);
      for (const timer of timers) clearTimeout(timer);
      setLive(false);
      void client.dispose();
    };
  }, [token, isRefused, role]);
  return isLive;
}
