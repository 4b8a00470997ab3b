import { useEffect } from "react";

/** The tab's title says what the page shows, so that tabs and the browser's history tell views apart. */
export function useTitle(text: string | null): void {
  useEffect(() => {
    document.title = text ? `${text} – Promograph` : "Promograph";
  }, [text]);
}
