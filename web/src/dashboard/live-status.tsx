import type { Role } from "../generated/graphql";
import { useSession } from "../session/session";
import { useLive } from "./use-live";

/** Keeps the page up to date, and says how. */
export function LiveStatus({ role }: { role: Role }) {
  const isLive = useLive(role);
  const isUnreachable = useSession().standing.kind === "unreachable";
  const words = isUnreachable ? "Not connected" : isLive ? "Live" : "Refreshed every minute";
  return <span className={isLive && !isUnreachable ? "live on" : "live"} role="status">{words}</span>;
}
