import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { useEffect, useMemo, useRef } from "react";
import { isSignedOut, useSession } from "../session/session";
import { SessionBar } from "../session/session-bar";
import { SignIn } from "../session/sign-in";
import { Bench } from "./bench";
import { DOCS_PLUGIN, DocsStore } from "./docs-plugin";
import { fetcherFor } from "./fetcher";
import { FindSpace } from "./find-space";
import { ForgetAnswers } from "./forget-answers";
import { TOPICS } from "./presets";
import { isStacked } from "./narrow";
import { PRESETS_PLUGIN } from "./presets-plugin";
import { setCurrentTab } from "./runs";
import { StaleRefusal } from "./stale-refusal";
import { TabScroll } from "./tab-scroll";

const PLUGINS = [PRESETS_PLUGIN, HISTORY_PLUGIN];
/** What a first visit shows; later visits find the tabs as they were left. */
const FIRST_TABS = TOPICS.slice(0, 1).flatMap(({ presets }) => presets.slice(0, 1).map(({ query }) => ({ query })));
/** On a phone the panel would be all there is, and on a tablet half of it. */
const FIRST_PANEL = isStacked() ? undefined : PRESETS_PLUGIN;

export function App() {
  const session = useSession();
  const { token } = session;
  /** GraphiQL hands a fetcher the variables parsed, and big integers rounded. */
  const readVariables = useRef(() => "");
  const { fetcher, end } = useMemo(() => fetcherFor(token, () => readVariables.current()), [token]);
  useEffect(() => end, [end]);
  return (
    <>
      <SessionBar page="GraphiQL" />
      {isSignedOut(session) && <SignIn shape="band" />}
      <main>
        <GraphiQL
          fetcher={fetcher}
          plugins={PLUGINS}
          referencePlugin={DOCS_PLUGIN}
          visiblePlugin={FIRST_PANEL}
          defaultTabs={FIRST_TABS}
          onTabChange={({ tabs, activeTabIndex }) => setCurrentTab(tabs[activeTabIndex]?.id ?? "")}
          // The token has its own box; a second place for it would only end up in local storage.
          isHeadersEditorEnabled={false}
          shouldPersistHeaders={false}
          showPersistHeadersSettings={false}
          defaultEditorToolsVisibility={false}
          schemaDescription
          inputValueDeprecation
        >
          <GraphiQL.Logo>
            <StaleRefusal />
            <ForgetAnswers token={token} />
            <TabScroll />
            <FindSpace />
            <DocsStore />
          </GraphiQL.Logo>
          <GraphiQL.Footer>
            <Bench readVariables={readVariables} />
          </GraphiQL.Footer>
        </GraphiQL>
      </main>
    </>
  );
}
