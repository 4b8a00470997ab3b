import { pick, useGraphiQL } from "@graphiql/react";
import { useEffect } from "react";

/** Keeps the tab that is open in sight: GraphiQL leaves a new one beyond the edge. */
export function TabScroll() {
  const { tabs, activeTabIndex } = useGraphiQL(pick("tabs", "activeTabIndex"));
  const id = tabs[activeTabIndex]?.id;
  useEffect(() => {
    document.querySelector(".graphiql-tab-active")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [id, tabs.length]);
  return null;
}
