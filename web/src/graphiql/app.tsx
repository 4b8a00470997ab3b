import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { useMemo } from "react";
import { fetcherFor } from "./fetcher";
import { PRESETS } from "./presets";
import { PRESETS_PLUGIN } from "./presets-plugin";
import { isSignedOut, useSession } from "../session/session";
import { SessionBar } from "../session/session-bar";
import { SignIn } from "../session/sign-in";
import { StaleRefusal } from "./stale-refusal";

const PLUGINS = [PRESETS_PLUGIN, HISTORY_PLUGIN];
/** What a first visit shows; later visits find the tabs as they were left. */
const FIRST_TABS = PRESETS.slice(0, 1).map(({ query }) => ({ query }));

export function App() {
  const session = useSession();
  const { token } = session;
  const fetcher = useMemo(() => fetcherFor(token), [token]);
  return (
    <>
      <SessionBar page="GraphiQL" />
      {isSignedOut(session) && <SignIn shape="band" />}
      <main>
        <GraphiQL
          fetcher={fetcher}
          plugins={PLUGINS}
          visiblePlugin={PRESETS_PLUGIN}
          defaultTabs={FIRST_TABS}
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
          </GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  );
}
