/** The hundred promoters with most revenue, each with a page of its own. */
import type { MouseEvent } from "react";
import { graphql } from "../../generated";
import type { TopPromotersQuery } from "../../generated/graphql";
import { type Column, DataTable } from "../../ui/data-table";
import { count, money } from "../../ui/format";
import { Panel } from "../../ui/panel";
import { definitionOf, useMeasures } from "../measures";
import type { ReportArguments } from "../report-arguments";
import { searchOf, useView } from "../view";

const TOP_PROMOTERS = graphql(`
  query TopPromoters($period: PerformancePeriod!, $timezone: TimeZone!, $filter: PerformanceFilter) {
    performance(
      period: $period
      timezone: $timezone
      filter: $filter
      by: [PROMOTER]
      orderBy: [{ measure: REVENUE, direction: DESC }]
      first: 100
    ) {
      totalCount
      nodes {
        promoter { id firstPromoterId name email }
        referrals customers sales revenue earnings
      }
    }
  }
`);

type Row = NonNullable<TopPromotersQuery["performance"]>["nodes"][number];

export function TopPromoters({ variables: { period, timezone, filter }, currency }: { variables: ReportArguments; currency: string | null | undefined }) {
  const measures = useMeasures();
  const define = (name: string) => definitionOf(measures.get(name));
  const columns: Column<Row>[] = [
    { key: "promoter", title: "Promoter", width: 2.2, value: nameOf, render: (row) => <PromoterLink row={row} /> },
    { key: "id", title: "ID", width: 1.1, value: ({ promoter }) => promoter?.firstPromoterId ?? null, render: ({ promoter }) => <span className="quiet">{promoter?.firstPromoterId ?? "–"}</span> },
    { key: "referrals", title: "Referrals", definition: define("referrals"), isNumeric: true, value: (row) => row.referrals, render: (row) => count(row.referrals) },
    { key: "customers", title: "Customers", definition: define("customers"), isNumeric: true, value: (row) => row.customers, render: (row) => count(row.customers) },
    { key: "sales", title: "Sales", definition: define("sales"), isNumeric: true, value: (row) => row.sales, render: (row) => count(row.sales) },
    { key: "revenue", title: "Revenue", definition: define("revenue"), isNumeric: true, width: 1.3, value: (row) => row.revenue, render: (row) => money(row.revenue, currency) },
    { key: "earnings", title: "Earnings", definition: define("earnings"), isNumeric: true, width: 1.3, value: (row) => Number(row.earnings), render: (row) => money(row.earnings, currency) },
  ];
  return (
    <Panel title="Top promoters" note={<AllPromoters />} document={TOP_PROMOTERS} variables={{ period, timezone, filter }} height={400}>
      {({ performance }) => (
        <DataTable
          title="Top promoters"
          columns={columns}
          rows={performance?.nodes ?? []}
          rowKey={(row) => row.promoter?.id ?? ""}
          initialSorting={{ key: "revenue", descending: true }}
          empty="Nothing in this period."
          maxHeight={440}
        />
      )}
    </Panel>
  );
}

function nameOf({ promoter }: Row): string | null {
  return promoter?.name ?? promoter?.email ?? null;
}

function PromoterLink({ row }: { row: Row }) {
  const name = nameOf(row);
  if (!row.promoter) return <span className="quiet">No promoter</span>;
  return <ViewLink promoter={row.promoter.id}>{name ?? `Promoter ${row.promoter.firstPromoterId}`}</ViewLink>;
}

function AllPromoters() {
  return <>The hundred with most revenue. <ViewLink promoter="all">All promoters</ViewLink></>;
}

/** A link within the page, with the present period and zone. */
function ViewLink({ promoter, children }: { promoter: string; children: string }) {
  const { view, setView } = useView();
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    setView({ promoter });
    scrollTo(0, 0);
  };
  return <a href={searchOf({ ...view, promoter })} onClick={follow}>{children}</a>;
}
