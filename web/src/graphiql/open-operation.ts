import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { Kind, OperationTypeNode, parse } from "graphql";

interface Operation {
  query: string;
  /** As they stand in the editor. */
  variables?: string;
}

/**
 * Opens a document in a tab of its own, or in the tab that has it, and says whether it only reads: whether all of its
 * operations are queries. Null until the editors are there.
 */
export function useOpenOperation(): ((operation: Operation) => boolean) | null {
  const { queryEditor, variableEditor, tabs, activeTabIndex } = useGraphiQL(pick("queryEditor", "variableEditor", "tabs", "activeTabIndex"));
  const { addTab, changeTab, setOperationName, updateActiveTabValues, stop } = useGraphiQLActions();
  if (!queryEditor || !variableEditor) return null;
  return ({ query, variables = "" }) => {
    // GraphiQL's "run" would stop what is running, and do no more.
    stop();
    const there = tabs.findIndex((tab) => tab.query === query && (tab.variables ?? "") === variables);
    const operations = operationsOf(query);
    if (there < 0) addTab();
    else if (there !== activeTabIndex) changeTab(there);
    // GraphiQL learns of an edit a moment later: what is judged below is what stands in the editors.
    if (queryEditor.getValue() !== query) queryEditor.setValue(query);
    if (variableEditor.getValue() !== variables) variableEditor.setValue(variables);
    updateActiveTabValues({ query, variables });
    // GraphiQL would still run the operation of the former tab if this document has one of its name.
    const name = operations[0]?.name?.value;
    if (name) setOperationName(name);
    // The editor may be scrolled as the former document was.
    queryEditor.setPosition({ lineNumber: 1, column: 1 });
    queryEditor.setScrollPosition({ scrollTop: 0, scrollLeft: 0 });
    return operations.length > 0 && operations.every(({ operation }) => operation === OperationTypeNode.QUERY);
  };
}

/** None if the text is no document: the editor says where. */
function operationsOf(query: string) {
  try {
    return parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  } catch {
    return [];
  }
}
