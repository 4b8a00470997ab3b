import type { ReactNode } from "react";

/** Shown until the first webhook arrives: where FirstPromoter has to send them. */
export function NoWebhook({ children }: { children: ReactNode }) {
  const url = `${new URL("webhooks/firstpromoter/", location.href).href}{token}`;
  return (
    <section className="panel no-webhook" aria-label="No webhook yet">
      <h2>No webhook yet</h2>
      <p>The figures appear here by themselves with the first webhook.</p>
      {children}
      <ol>
        <li>In FirstPromoter (Settings → Integrations, or a campaign's webhook settings), use this address: <code>{url}</code></li>
        <li>
          For <code>{"{token}"}</code> put the server's webhook token. <code>promograph serve</code> prints the whole address when
          it starts.
        </li>
        <li>Use an https address that FirstPromoter can reach.</li>
      </ol>
      <p>Only looking? <code>promograph demo</code> fills the database with a made-up programme.</p>
    </section>
  );
}
