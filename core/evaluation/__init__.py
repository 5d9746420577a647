"""What is computed once training ends: the test set's predictions, and the report and samples made of them.

Only `predict` and `evaluate` import TensorFlow; the server reads what they left.
"""
