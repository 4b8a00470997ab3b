import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { Kind, type OperationTypeNode, parse } from "graphql";

interface Operation {
  query: string;
  /** As they stand in the editor. */
  variables?: string;
}

/** Opens a document in a tab of its own, or in the tab that has it, and gives what it does. Null until the editors are there. */
export function useOpenOperation(): ((operation: Operation) => OperationTypeNode | null) | null {
  const { queryEditor, variableEditor, tabs, activeTabIndex } = useGraphiQL(pick("queryEditor", "variableEditor", "tabs", "activeTabIndex"));
  const { addTab, changeTab, updateActiveTabValues, stop } = useGraphiQLActions();
  if (!queryEditor || !variableEditor) return null;
  return ({ query, variables = "" }) => {
    // GraphiQL's "run" would stop what is running, and do no more.
    stop();
    const there = tabs.findIndex((tab) => tab.query === query && (tab.variables ?? "") === variables);
    const operation = operationOf(query);
    if (there < 0) {
      addTab();
      queryEditor.setValue(query);
      variableEditor.setValue(variables);
      updateActiveTabValues({ query, variables, operationName: operation?.name?.value ?? null });
    } else if (there !== activeTabIndex) {
      changeTab(there);
    }
    return operation?.operation ?? null;
  };
}

/** The first operation; null if the text is no document: the editor says where. */
function operationOf(query: string) {
  try {
    return parse(query).definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION) ?? null;
  } catch {
    return null;
  }
}
