"""MLflow's REST interface on our own store, so that its unmodified clients log into Traindeck."""
