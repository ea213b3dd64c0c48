"""What a review is and what a cut is: plain Python values and functions, no I/O, no Qt."""
