/** GraphiQL's documentation of the schema, with a start of our own. */
import { DOC_EXPLORER_PLUGIN, DocExplorer, DocExplorerStore, useDocExplorer, useDocExplorerActions } from "@graphiql/plugin-doc-explorer";
import { DocsFilledIcon, DocsIcon, type GraphiQLPlugin, useGraphiQL } from "@graphiql/react";
import type { GraphQLObjectType } from "graphql";
import type { ReactNode } from "react";

function Icon() {
  return useGraphiQL((state) => state.visiblePlugin) === DOCS_PLUGIN ? <DocsFilledIcon /> : <DocsIcon />;
}

function Docs() {
  const stack = useDocExplorer();
  return (
    <>
      {stack.length === 1 && <Start />}
      <DocExplorer />
    </>
  );
}

function Start() {
  return (
    // The panel may still be scrolled as the one before it was.
    <section className="docs-start" aria-label="Where to begin" ref={(start) => start?.parentElement?.scrollTo(0, 0)}>
      <h2>Where to begin</h2>
      <p>
        This API answers from what FirstPromoter's webhooks have told. The panel “Queries” has ready-made questions; change
        them as you like.
      </p>
      <dl>
        <Begin fields={["performance", "measures"]}>
          The programme's figures: choose a period, an interval, up to three dimensions, and the measures you want. <i>measures</i> defines each.
        </Begin>
        <Begin fields={["leadCohorts"]}>What became of the leads of each month.</Begin>
        <Begin fields={["leads", "promoters", "promotions", "commissions", "payouts", "balances"]}>
          Lists to filter, order and page through. <i>aggregate</i> and <i>groups</i> sum up all of their rows.
        </Begin>
        <Begin fields={["freshness", "webhookEvents"]}>How fresh the data is; what was received.</Begin>
        <Begin root="subscription" fields={["leadChanged", "commissionChanged", "payoutChanged"]}>Each change, as it comes.</Begin>
      </dl>
      <p>
        Money is in minor units: 1050 is 10.50 in most currencies. <code>viewer {"{ currency }"}</code> tells which. Times are in UTC;
        the argument <code>timezone</code> says where days and months begin. Null means that nothing has told: it is not zero, and not false.
      </p>
    </section>
  );
}

function Begin({ root = "query", fields, children }: { root?: "query" | "subscription"; fields: string[]; children: ReactNode }) {
  const schema = useGraphiQL((state) => state.schema);
  const { push } = useDocExplorerActions();
  const type: GraphQLObjectType | null | undefined = root === "query" ? schema?.getQueryType() : schema?.getSubscriptionType();
  return (
    <>
      <dt>
        {fields.map((name) => {
          const def = type?.getFields()[name];
          return def ? <button key={name} type="button" onClick={() => push({ name, def })}>{name}</button> : <code key={name}>{name}</code>;
        })}
      </dt>
      <dd>{children}</dd>
    </>
  );
}

/** GraphiQL itself does this only for its own plugin. */
export function DocsStore() {
  return <DocExplorerStore>{null}</DocExplorerStore>;
}

export const DOCS_PLUGIN: GraphiQLPlugin = { title: DOC_EXPLORER_PLUGIN.title, icon: Icon, content: Docs };
