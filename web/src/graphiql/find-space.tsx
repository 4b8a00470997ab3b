import { pick, useGraphiQL } from "@graphiql/react";
import { useEffect } from "react";

/** What Monaco's contribution for the find box gives: its types leave it open. */
interface FindController {
  dispose(): void;
  getState(): { isRevealed: boolean; onFindReplaceStateChange(listener: (changed: { isRevealed: boolean }) => void): { dispose(): void } };
}

/** Higher than the find box: text scrolled less than this would come to stand below it. */
const NEAR_TOP = 40;

/** Keeps the first lines clear of the find box: Monaco makes room for it above them, and scrolls that room out of sight. */
export function FindSpace() {
  const { queryEditor, responseEditor } = useGraphiQL(pick("queryEditor", "responseEditor"));
  useEffect(() => {
    const listening = [queryEditor, responseEditor].map((editor) => {
      const find = editor?.getContribution<FindController>("editor.contrib.findController")?.getState();
      return find?.onFindReplaceStateChange(({ isRevealed }) => {
        if (!isRevealed || !find.isRevealed || !editor || editor.getScrollTop() > NEAR_TOP) return;
        // Once Monaco has done so.
        requestAnimationFrame(() => editor.setScrollTop(0));
      });
    });
    return () => listening.forEach((each) => each?.dispose());
  }, [queryEditor, responseEditor]);
  return null;
}
