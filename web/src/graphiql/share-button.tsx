import { pick, useGraphiQL } from "@graphiql/react";
import { useState } from "react";
import { shareFragment } from "../ui/share-link";
import { parseVariables } from "./exact-variables";
import { type View, partsOf } from "./view";

/** Copies a link with the query, its variables and the view; never the token. */
export function ShareButton({ view }: { view: View }) {
  const { queryEditor, variableEditor } = useGraphiQL(pick("queryEditor", "variableEditor"));
  const [isCopied, setCopied] = useState(false);
  const share = async () => {
    const variables = parseVariables(variableEditor?.getValue() ?? "");
    const fragment = shareFragment({ query: queryEditor?.getValue() ?? "", variables, view: partsOf(view) });
    const link = new URL(fragment, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      // No clipboard, as on a page without HTTPS: the address bar has the link then.
      history.replaceState(null, "", link);
    }
    setCopied(true);
  };
  return (
    <button type="button" disabled={!queryEditor} onClick={() => void share()} onBlur={() => setCopied(false)} title="Copies a link to this query, its variables and this view">
      <span aria-live="polite">{isCopied ? "Link copied" : "Share"}</span>
    </button>
  );
}
