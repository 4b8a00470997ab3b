import { pick, useGraphiQL } from "@graphiql/react";
import { useEffect, useRef } from "react";

/**
 * Takes a refused schema request out of the answer's pane once the schema is there: GraphiQL writes the refusal into
 * the pane and leaves it, as if the token that was given since had been refused as well.
 */
export function StaleRefusal() {
  const { fetchError, schema, responseEditor } = useGraphiQL(pick("fetchError", "schema", "responseEditor"));
  const refusal = useRef<string | null>(null);
  useEffect(() => {
    if (fetchError) refusal.current = fetchError;
    if (!schema || fetchError || !responseEditor) return;
    if (refusal.current && responseEditor.getValue() === refusal.current) responseEditor.setValue("");
    refusal.current = null;
  }, [fetchError, schema, responseEditor]);
  return null;
}
