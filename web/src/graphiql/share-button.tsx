import { pick, useGraphiQL } from "@graphiql/react";
import { useState } from "react";
import { shareFragment } from "../ui/share-link";
import { parseVariables } from "./exact-variables";
import { type View, partsOf } from "./view";

/** Copies a link with the query, its variables and the view; never the token. */
export function ShareButton({ view }: { view: View }) {
  const { queryEditor, variableEditor } = useGraphiQL(pick("queryEditor", "variableEditor"));
  const [done, setDone] = useState<string | null>(null);
  const share = async () => {
    const variables = parseVariables(variableEditor?.getValue() ?? "");
    const fragment = shareFragment({ query: queryEditor?.getValue() ?? "", variables, view: partsOf(view) });
    const link = new URL(fragment, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      setDone("Link copied");
    } catch {
      // No clipboard, as on a page without HTTPS.
      history.replaceState(null, "", link);
      setDone("Link is in the address bar");
    }
  };
  return (
    <button type="button" disabled={!queryEditor} onClick={() => void share()} onBlur={() => setDone(null)} title="Copies a link to this query, its variables and this view">
      <span aria-live="polite">{done ?? "Share"}</span>
    </button>
  );
}
