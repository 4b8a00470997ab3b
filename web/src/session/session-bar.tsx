/** The bar on top of every page: the way to the others, who is signed in, and the way out. */
import { useEffect } from "react";
import { queryClient } from "../api/use-data";
import type { DashboardViewerQuery } from "../generated/graphql";
import icon from "../icon.svg";
import { dateTime } from "../ui/format";
import { type Page, PagesNav } from "./pages-nav";
import { isSignedOut, setToken, useSession } from "./session";
import "./session.css";
import { useViewer } from "./viewer";

type Viewer = DashboardViewerQuery["viewer"];

export function SessionBar({ page }: { page: Page }) {
  const session = useSession();
  const { data, error } = useViewer();
  const viewer = data?.viewer;
  const signedOut = isSignedOut(session);
  const trouble = session.standing.kind === "unreachable" ? session.standing.message : !signedOut && !viewer && error?.message;
  useEffect(() => {
    // The server is back: what failed meanwhile is asked again.
    if (session.standing.kind === "accepted") void queryClient.refetchQueries({ predicate: ({ state }) => state.status === "error" });
  }, [session.standing]);
  return (
    <>
      <header className="bar">
        <h1>
          <img src={icon} alt="" width="24" height="24" />
          <span>Promograph</span>
        </h1>
        <PagesNav page={page} />
        <div className="who" role="status">
          {!signedOut && (viewer ? <Who viewer={viewer} /> : !trouble && "Signing in…")}
        </div>
        {!signedOut && (
          <button type="button" className="button" onClick={() => setToken("")}>
            Sign out
          </button>
        )}
      </header>
      {trouble && (
        <p className="notice" role="alert">
          {trouble} Trying again…
        </p>
      )}
    </>
  );
}

function Who({ viewer }: { viewer: Viewer }) {
  const name = nameOf(viewer);
  return (
    <>
      <span className="badge">
        <span className="visually-hidden">Signed in as </span>
        {viewer.role.charAt(0) + viewer.role.slice(1).toLowerCase()}
      </span>
      {name && (
        <strong className="name" title={name}>
          {name}
        </strong>
      )}
      {viewer.role === "ANALYST" && <span>{viewer.seesContactData ? "contact data shown" : "contact data masked"}</span>}
      <span>until {dateTime(viewer.expiresAt)}</span>
    </>
  );
}

/** The promoter, else the name that the token was issued with: without one its subject is an id, which tells nobody anything. */
function nameOf({ promoter, subject }: Viewer): string | null {
  if (promoter) return promoter.name ?? promoter.email ?? `Promoter ${promoter.firstPromoterId}`;
  return /^tok_[0-9a-f]{32}$/.test(subject) ? null : subject;
}
