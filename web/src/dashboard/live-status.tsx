import type { Role } from "../generated/graphql";
import { useLive } from "./use-live";

/** Keeps the page up to date, and says how. */
export function LiveStatus({ role }: { role: Role }) {
  const isLive = useLive(role);
  return <span className={isLive ? "live on" : "live"} role="status">{isLive ? "Live" : "Refreshed every minute"}</span>;
}
