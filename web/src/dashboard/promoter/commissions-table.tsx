/** What a promoter earned, sale by sale. */
import { useMemo } from "react";
import { usePages } from "../../api/use-pages";
import { graphql } from "../../generated";
import type { PromoterCommissionsQuery } from "../../generated/graphql";
import { countColumn, moneyColumn, stateColumn, textColumn, timeColumn } from "../../ui/columns";
import { amountColumns } from "./amounts";
import { EventsOf } from "./lineage";
import { ListPanel } from "./list-panel";
import type { TableProps } from "./audience";
import { COMMISSION_STATUSES, paidWord, stateWord } from "./words";

const COMMISSIONS = graphql(`
  query PromoterCommissions($filter: CommissionFilter!, $after: String) {
    commissions(first: 200, after: $after, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }]) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id firstPromoterId createdAt amount unit unitRaw saleAmount status statusRaw isPaid tier
        lead { id email firstPromoterId }
        promotion { campaign { name } }
        payouts(first: 1, filter: { status: { eq: COMPLETED } }) { nodes { id } }
      }
    }
  }
`);
type Commission = NonNullable<PromoterCommissionsQuery["commissions"]>["nodes"][number];

const commissionsOf = ({ commissions }: PromoterCommissionsQuery) => commissions;
const details = ({ id }: Commission) => <EventsOf id={id} />;

export function CommissionsTable({ promoter, campaign, timezone, currency, audience }: TableProps) {
  const variables = useMemo(() => ({ filter: { promoterId: { eq: promoter }, ...(campaign && { promotion: { campaignId: { eq: campaign } } }) } }), [promoter, campaign]);
  const pages = usePages(COMMISSIONS, variables, commissionsOf);
  const isOwn = audience === "PROMOTER";
  const hasRefunds = pages.rows.some(({ amount }) => Number(amount) < 0);
  const columns = useMemo(
    () => [
      timeColumn<Commission>({ key: "created", title: "Date", width: 1.5 }, timezone, ({ createdAt }) => createdAt),
      textColumn<Commission>({ key: "customer", title: "Customer", width: 1.8 }, ({ lead }) => lead && (lead.email ?? `#${lead.firstPromoterId}`)),
      moneyColumn<Commission>({ key: "sale", title: "Sale", definition: "The amount of the sale. Negative for a refund" }, currency, ({ saleAmount }) => saleAmount),
      ...amountColumns<Commission>(currency),
      stateColumn<Commission>({ key: "status", title: "Status" }, ({ status, statusRaw }) => stateWord(COMMISSION_STATUSES, status, statusRaw)),
      stateColumn<Commission>(
        { key: "paid", title: "Paid", definition: "Not known where only version 1 webhooks told of the commission, and no payout includes it" },
        ({ isPaid, payouts }) => paidWord(payouts?.nodes.length ? true : isPaid),
      ),
      textColumn<Commission>({ key: "campaign", title: "Campaign", width: 1.5 }, ({ promotion }) => promotion?.campaign?.name),
      countColumn<Commission>(
        { key: "tier", title: "Tier", definition: "1: referred the customer. 2 and above: recruited the promoter who did", width: 0.7 },
        ({ tier }) => tier,
      ),
    ],
    [timezone, currency],
  );
  return (
    <ListPanel
      title={isOwn ? "What you earned" : "Commissions"}
      note={`All of them, whatever the period.${hasRefunds ? " A negative amount takes back what was earned on a sale that was refunded." : ""}`}
      empty={isOwn ? "Nothing so far. A sale to somebody whom you referred stands here." : "No commissions."}
      pages={pages}
      columns={columns}
      document={COMMISSIONS}
      variables={variables}
      isSearchable
      details={audience === "ADMIN" ? details : undefined}
    />
  );
}
