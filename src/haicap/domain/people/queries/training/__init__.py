"""Classes and learners, and who in which unit has or lacks which topic."""
