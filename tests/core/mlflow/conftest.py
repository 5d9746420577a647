import pytest

from core.common.context import Context
from tests.core.mlflow.mlflow_client import Client


@pytest.fixture
def client(context: Context) -> Client:
    return Client(context)
