"""Five platform variants from a large JPEG and PNG beside plain Pillow, pyvips and OpenCV; 200 pictures in one go."""
