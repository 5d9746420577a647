"""The pieces of the Run page's Evaluation tab."""
