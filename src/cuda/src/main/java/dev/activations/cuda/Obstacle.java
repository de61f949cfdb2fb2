package dev.activations.cuda;

/**
 * Why something cannot be used.
 *
 * @param reason one sentence
 * @param remedy what the user can do about it
 */
record Obstacle(String reason, String remedy) {}
