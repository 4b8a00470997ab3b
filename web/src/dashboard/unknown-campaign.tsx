/** Said instead of a page of errors, or of zeros, when a link names a campaign that the viewer does not see. */
import { useData } from "../api/use-data";
import { graphql } from "../generated";
import { CAMPAIGNS } from "./filter-bar";
import { useTitle } from "./title";
import { useView } from "./view";
import { ViewLink } from "./view-link";

const CAMPAIGN = graphql(`query CampaignCheck($id: ID!) { campaign(id: $id) { id } }`);

/** Whether the address's campaign is one. Those that the filter bar offers are, without asking again. */
export function useCampaignCheck(): "known" | "unknown" | "checking" {
  const { campaign } = useView().view;
  const { data: choices, error: isUntold } = useData(CAMPAIGNS, {});
  const isListed = choices?.campaigns?.nodes.some(({ id }) => id === campaign);
  const { data, error, isPlaceholderData } = useData(CAMPAIGN, { id: campaign ?? "" }, { enabled: Boolean(campaign && choices && !isListed) });
  if (!campaign || isListed || isUntold) return "known";
  if (error) return error.code === "BAD_USER_INPUT" ? "unknown" : "known";
  if (!data || isPlaceholderData) return "checking";
  return data.campaign ? "known" : "unknown";
}

export function UnknownCampaign() {
  useTitle("Unknown campaign");
  return (
    <div className="dashboard">
      <p className="unknown" role="alert">This link names an unknown campaign. <ViewLink change={{ campaign: null }}>Show all</ViewLink></p>
    </div>
  );
}
