import { useEffect, useState } from "react";

/** What is needed of Monaco's editor. */
interface Editor {
  getValue(): string;
  onDidChangeModelContent(listener: () => void): { dispose(): void };
}

/** The text in the answer's editor, whatever wrote it: a run, a message, another tab. */
export function useAnswerText(editor: Editor | undefined): string {
  const [text, setText] = useState("");
  useEffect(() => {
    if (!editor) return;
    setText(editor.getValue());
    const listening = editor.onDidChangeModelContent(() => setText(editor.getValue()));
    return () => listening.dispose();
  }, [editor]);
  return text;
}
