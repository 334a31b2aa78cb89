"""An assessment and the case: sending it, taking it back, entering one from paper, the telephone calls."""
