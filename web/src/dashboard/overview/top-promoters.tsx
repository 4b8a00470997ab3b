/** The hundred promoters with most revenue, each with a page of its own. */
import { useMemo } from "react";
import { graphql } from "../../generated";
import type { TopPromotersQuery } from "../../generated/graphql";
import { countColumn, moneyColumn } from "../../ui/columns";
import { type Column, DataTable } from "../../ui/data-table";
import { periodDays } from "../../ui/file-name";
import { Panel } from "../../ui/panel";
import { headingOf, useMeasures } from "../measures";
import type { ReportArguments } from "../report-arguments";
import { PromoterLink, promoterName } from "../promoter-link";

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
      start
      end
      nodes {
        promoter { id firstPromoterId name email }
        referrals customers sales revenue earnings
      }
    }
  }
`);

type Row = NonNullable<TopPromotersQuery["performance"]>["nodes"][number];

const rowKey = (row: Row) => row.promoter?.id ?? "";

export function TopPromoters({ variables: { period, timezone, filter }, currency }: { variables: ReportArguments; currency: string | null }) {
  const measures = useMeasures();
  const columns = useMemo((): Column<Row>[] => {
    const heading = (key: string, title: string, width?: number) => headingOf(measures, key, title, width);
    return [
      { key: "promoter", title: "Promoter", width: 2.2, value: ({ promoter }) => promoter && promoterName(promoter), render: (row) => <PromoterName row={row} /> },
      { key: "id", title: "ID", width: 1.3, value: ({ promoter }) => promoter?.firstPromoterId ?? null, render: ({ promoter }) => <span className="quiet">{promoter?.firstPromoterId ?? "–"}</span> },
      countColumn(heading("referrals", "Referrals", 1.1), (row) => row.referrals),
      countColumn(heading("customers", "Customers", 1.15), (row) => row.customers),
      countColumn(heading("sales", "Sales"), (row) => row.sales),
      moneyColumn(heading("revenue", "Revenue", 1.3), currency, (row) => row.revenue),
      moneyColumn(heading("earnings", "Earnings", 1.3), currency, (row) => row.earnings),
    ];
  }, [measures, currency]);
  return (
    <Panel
      title="Top promoters"
      note={<>The hundred with most revenue. <PromoterLink id="all">All promoters</PromoterLink></>}
      document={TOP_PROMOTERS}
      variables={{ period, timezone, filter }}
      height={480}
    >
      {({ performance }, isOutdated) => (
        <DataTable
          days={periodDays(performance, timezone)}
          isOutdated={isOutdated}
          title="Top promoters"
          columns={columns}
          rows={performance?.nodes ?? NO_ROWS}
          rowKey={rowKey}
          initialSorting={BEST_FIRST}
          empty="Nothing in this period."
          maxHeight={440}
        />
      )}
    </Panel>
  );
}

const NO_ROWS: Row[] = [];
const BEST_FIRST = { key: "revenue", descending: true };

function PromoterName({ row: { promoter } }: { row: Row }) {
  return promoter ? <PromoterLink id={promoter.id}>{promoterName(promoter)}</PromoterLink> : <span className="quiet">No promoter</span>;
}
