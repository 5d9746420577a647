"""The server's side of what only a process with TensorFlow can do: what is asked, and what is answered."""
