import { useEffect } from "react";
import { isSignedOut, useSession } from "../session/session";
import { SessionBar } from "../session/session-bar";
import { SignIn } from "../session/sign-in";
import { useViewer } from "../session/viewer";
import { Overview } from "./overview/overview";
import type { Viewer } from "./promoter/audience";
import { OwnPage } from "./promoter/own-page";
import "./promoter/promoter.css";
import { PromoterPage } from "./promoter/promoter-page";
import { UnknownCampaign, useCampaignCheck } from "./unknown-campaign";
import { rememberView, useView, type View } from "./view";

export function App() {
  const session = useSession();
  const { view } = useView();
  const viewer = useViewer().data?.viewer;
  return (
    <>
      <SessionBar page="Dashboard" />
      <main>
        {isSignedOut(session) ? <SignIn shape="card" /> : viewer && <Page viewer={viewer} view={view} />}
      </main>
    </>
  );
}

/** Promoters see their own page alone, whatever the address says. */
function Page({ viewer, view }: { viewer: Viewer; view: View }) {
  const { promoter } = view;
  useEffect(() => rememberView(view), [view]);
  const campaign = useCampaignCheck();
  if (campaign === "checking") return null;
  if (campaign === "unknown") return <UnknownCampaign />;
  if (viewer.role === "PROMOTER") return <OwnPage viewer={viewer} />;
  return promoter ? <PromoterPage id={promoter} viewer={viewer} /> : <Overview viewer={viewer} />;
}
