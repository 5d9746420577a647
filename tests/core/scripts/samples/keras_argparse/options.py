"""What several scripts have in common."""

ACTIVATIONS = ["relu", "tanh", "gelu"]


def add_optimizer_arguments(parser):
    group = parser.add_argument_group("optimizer")
    group.add_argument("--lr", type=float, default=1e-2, help="learning rate")
    group.add_argument("--seed", type=int, default=0)
