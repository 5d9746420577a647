"""A quadratic bowl, descended; configured by absl's flags."""

import time

from absl import app, flags

FLAGS = flags.FLAGS
flags.DEFINE_float("learning_rate", 0.1, "Step size.", lower_bound=0.0)
_STEPS = flags.DEFINE_integer("steps", 20, "How many steps.")
flags.DEFINE_enum("schedule", "constant", ["constant", "halving"], "How the step size goes on.")
flags.DEFINE_bool("verbose", False, "Print each step.")
flags.DEFINE_list("start", "1,2", "Where to start.")
flags.DEFINE_multi_string("note", None, "Notes.")
flags.DEFINE_string("out", None, "Where the result goes.")
flags.mark_flag_as_required("out")


def main(_):
    place = [float(each) for each in FLAGS.start]
    rate = FLAGS.learning_rate
    for step in range(_STEPS.value):
        place = [each - rate * 2 * each for each in place]
        rate = rate / 2 if FLAGS.schedule == "halving" else rate
        if FLAGS.verbose:
            print(f"step {step} loss {sum(each * each for each in place):.6f}")
            time.sleep(0.01)
    with open(FLAGS.out, "w") as file:
        file.write(str(place))


if __name__ == "__main__":
    app.run(main)
