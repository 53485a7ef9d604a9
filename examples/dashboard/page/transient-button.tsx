import { useLayoutEffect, useRef, type ComponentProps, type RefObject } from 'react';

interface TransientButtonProps extends Omit<ComponentProps<'button'>, 'ref'> {
  /** Stays, and can have the focus. */
  successor: RefObject<HTMLElement | null>;
}

/** A button that goes when it is not needed any more. If it has the focus then, its successor gets it. */
export function TransientButton({ successor, ...props }: TransientButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const self = button.current;
    return () => {
      // Runs before the button is taken out of the document.
      if (self !== null && document.activeElement === self) successor.current?.focus();
    };
  }, [successor]);
  return <button type="button" ref={button} {...props} />;
}
