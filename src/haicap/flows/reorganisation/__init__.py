"""What a reorganisation of units means for everything that the rooms hold: its effect, its proof, and who is told."""
