/** Opens the query that the page's address holds, and runs it once the token counts. */
import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useEffect, useState } from "react";
import { sharedQueryOf } from "../ui/share-link";
import { useOpenOperation } from "./open-operation";
import { currentTab } from "./runs";
import { changeView, viewOf } from "./view";

/** `isSignedIn`: whether the server takes the token. */
export function SharedLink({ isSignedIn }: { isSignedIn: boolean }) {
  const { queryEditor, variableEditor } = useGraphiQL(pick("queryEditor", "variableEditor"));
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
    const isReading = open({ query, variables: variables && JSON.stringify(variables, null, 2) });
    changeView(currentTab(), viewOf(view));
    setShared(null);
    // A mutation changes something, a subscription goes on: those wait for the user.
    setToRun(isReading);
  }, [open, shared]);
  useEffect(() => {
    if (!isToRun) return;
    // What is to run is the link's document alone: an edit, or another tab in these editors, ends it.
    const listening = [queryEditor, variableEditor].map((editor) => editor?.onDidChangeModelContent(() => setToRun(false)));
    return () => listening.forEach((each) => each?.dispose());
  }, [isToRun, queryEditor, variableEditor]);
  useEffect(() => {
    // Opened, and run if it is to run: a reload shows the tab as it was left.
    if (!shared && !isToRun && sharedQueryOf(location.hash)) history.replaceState(null, "", location.pathname + location.search);
  }, [shared, isToRun]);
  useEffect(() => {
    if (!isToRun || !isSignedIn) return;
    setToRun(false);
    run();
  }, [isToRun, isSignedIn, run]);
  return null;
}
