"""All that leans on the insides of Streamlit or Plotly, which an upgrade may move.

A test of each fails when that happens, and TRAINDECK_PLAIN does without them until it is put right.
"""
