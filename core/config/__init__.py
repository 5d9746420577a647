"""What a user configures for a run: pydantic models and the presets. Imports neither TensorFlow nor Streamlit."""
