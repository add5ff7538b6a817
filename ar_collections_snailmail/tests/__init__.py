from . import test_post, test_post_answers
