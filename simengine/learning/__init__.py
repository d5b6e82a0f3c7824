"""Learning in a world: training, evaluation and the policies it leaves behind."""
