import { type ReactNode, useState } from "react";

interface CopyButtonProps {
  label: ReactNode;
  text: () => string;
  /** Said once it is copied. */
  copied?: string;
  /** What is copied, for those who do not see where the button stands. */
  description?: string;
  className?: string;
  disabled?: boolean;
}

/**
 * Copies a text, and says so until the focus moves on. Browsers give pages a clipboard over https and on this machine
 * only; elsewhere there is no button.
 */
export function CopyButton({ label, text, copied = "Copied", description, className, disabled }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  if (!navigator.clipboard) return null;
  const copy = () => void navigator.clipboard.writeText(text()).then(() => setCopied(true), () => setCopied(false));
  return (
    <button type="button" className={className} disabled={disabled} aria-label={isCopied ? undefined : description} onClick={copy} onBlur={() => setCopied(false)}>
      <span aria-live="polite">{isCopied ? copied : label}</span>
    </button>
  );
}
