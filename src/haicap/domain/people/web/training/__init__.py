"""Pages of training: classes, learners, competence, topics, files, one's own classes, certificates of completion."""
