"""`/quan-tri/bien-che/`: quotas against who is there, cases of streamlining, service units."""
