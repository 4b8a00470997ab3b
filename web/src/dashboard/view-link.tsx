/** A link that changes what the page shows, and keeps the rest of it: without loading the page anew. */
import type { ComponentProps, MouseEvent } from "react";
import { searchOf, useView, type View } from "./view";

export function ViewLink({ change, ...props }: { change: Partial<View> } & ComponentProps<"a">) {
  const { view, setView } = useView();
  const follow = (event: MouseEvent) => {
    // Another tab or window is the browser's business.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    setView(change);
    scrollTo(0, 0);
  };
  return <a {...props} href={searchOf({ ...view, ...change })} onClick={follow} />;
}
