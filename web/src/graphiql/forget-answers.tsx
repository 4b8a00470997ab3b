import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useEffect, useRef } from "react";
import { forgetRuns } from "./runs";

/** Takes the answers out of every tab as soon as the token changes: the next user may see less. */
export function ForgetAnswers({ token }: { token: string }) {
  const { tabs, responseEditor } = useGraphiQL(pick("tabs", "responseEditor"));
  const { stop } = useGraphiQLActions();
  const answered = useRef(token);
  useEffect(() => {
    if (answered.current === token) return;
    answered.current = token;
    stop();
    // In place: GraphiQL has no action for tabs that are not open.
    for (const tab of tabs) tab.response = null;
    responseEditor?.setValue("");
    forgetRuns();
  }, [token, tabs, responseEditor, stop]);
  return null;
}
