//! W1 and W2 of the frame, and its budgets.
