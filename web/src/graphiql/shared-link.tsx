/** Opens the query that the page's address holds, and runs it once the token counts. */
import { useGraphiQLActions } from "@graphiql/react";
import { useEffect, useState } from "react";
import { sharedQueryOf } from "../ui/share-link";
import { useOpenOperation } from "./open-operation";
import { currentTab } from "./runs";
import { changeView, viewOf } from "./view";

/** `isSignedIn`: whether the server takes the token. */
export function SharedLink({ isSignedIn }: { isSignedIn: boolean }) {
  const { run } = useGraphiQLActions();
  const open = useOpenOperation();
  const [shared, setShared] = useState(() => sharedQueryOf(location.hash));
  const [isToRun, setToRun] = useState(false);
  useEffect(() => {
    const read = () => setShared(sharedQueryOf(location.hash));
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  useEffect(() => {
    if (!open || !shared) return;
    const { query, variables, view = {} } = shared;
    const operation = open({ query, variables: variables && JSON.stringify(variables, null, 2) });
    changeView(currentTab(), viewOf(view));
    setShared(null);
    // A mutation changes something, a subscription goes on: those wait for the user.
    setToRun(operation === "query");
  }, [open, shared]);
  useEffect(() => {
    if (!isToRun || !isSignedIn) return;
    setToRun(false);
    // Read and run: a reload shows the tab as it was left.
    history.replaceState(null, "", location.pathname + location.search);
    run();
  }, [isToRun, isSignedIn, run]);
  return null;
}
