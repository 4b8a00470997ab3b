/** A promoter's enrolments: links and codes to share, and what came of them by FirstPromoter's own counters. */
import { useMemo } from "react";
import { usePages } from "../../api/use-pages";
import { graphql } from "../../generated";
import type { PromoterPromotionsQuery } from "../../generated/graphql";
import { CopyButton } from "../../ui/copy-button";
import { countColumn, moneyColumn, stateColumn, textColumn } from "../../ui/columns";
import { ListPanel } from "./list-panel";
import type { TableProps } from "./audience";
import { PROMOTION_STATES, stateWord } from "./words";

const PROMOTIONS = graphql(`
  query PromoterPromotions($filter: PromotionFilter!, $after: String) {
    promotions(first: 200, after: $after, filter: $filter, orderBy: [{ field: VISITORS_COUNT, direction: DESC }]) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id firstPromoterId refId referralLink customerPromoCode state stateRaw
        visitorsCount leadsCount customersCount salesCount salesTotal refundsTotal
        campaign { name }
      }
    }
  }
`);
type Promotion = NonNullable<PromoterPromotionsQuery["promotions"]>["nodes"][number];

const promotionsOf = ({ promotions }: PromoterPromotionsQuery) => promotions;
const COUNTER = "FirstPromoter's own counter, since the beginning, as of its last webhook about the promotion";

export function PromotionsTable({ promoter, campaign, currency }: TableProps) {
  const variables = useMemo(() => ({ filter: { promoterId: { eq: promoter }, ...(campaign && { campaignId: { eq: campaign } }) } }), [promoter, campaign]);
  const pages = usePages(PROMOTIONS, variables, promotionsOf);
  const columns = useMemo(
    () => [
      textColumn<Promotion>({ key: "campaign", title: "Campaign", width: 1.4 }, ({ campaign, firstPromoterId }) => campaign?.name ?? `#${firstPromoterId}`),
      stateColumn<Promotion>({ key: "state", title: "State" }, ({ state, stateRaw }) => stateWord(PROMOTION_STATES, state, stateRaw)),
      textColumn<Promotion>({ key: "refId", title: "Ref ID", width: 1.1, definition: "The referral ID in the links" }, ({ refId }) => refId),
      {
        key: "link",
        title: "Link",
        width: 2,
        value: ({ referralLink }: Promotion) => referralLink,
        render: ({ referralLink }: Promotion) => (referralLink ? <><CopyButton className="copy" text={() => referralLink} label="Copy" description="Copy the link" /> <span title={referralLink}>{referralLink}</span></> : "–"),
      },
      textColumn<Promotion>({ key: "code", title: "Promo code", width: 1.2 }, ({ customerPromoCode }) => customerPromoCode),
      countColumn<Promotion>({ key: "clicks", title: "Clicks", width: 0.8, definition: COUNTER }, ({ visitorsCount }) => visitorsCount),
      countColumn<Promotion>({ key: "referrals", title: "Referrals", definition: COUNTER }, ({ leadsCount }) => leadsCount),
      countColumn<Promotion>({ key: "customers", title: "Customers", definition: COUNTER }, ({ customersCount }) => customersCount),
      countColumn<Promotion>({ key: "sales", title: "Sales", width: 0.8, definition: COUNTER }, ({ salesCount }) => salesCount),
      moneyColumn<Promotion>({ key: "salesTotal", title: "Sales total", definition: COUNTER }, currency, ({ salesTotal }) => salesTotal),
      moneyColumn<Promotion>({ key: "refundsTotal", title: "Refunds", definition: COUNTER }, currency, ({ refundsTotal }) => refundsTotal),
    ],
    [currency],
  );
  return (
    <ListPanel
      title="Promotions"
      note="The counters are FirstPromoter's own, since the beginning, as of its last webhook about the promotion."
      empty="No promotions."
      pages={pages}
      columns={columns}
      document={PROMOTIONS}
      variables={variables}
    />
  );
}
