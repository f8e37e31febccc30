import GAN
import Testing

@Suite struct UnreadSettingTests {
  @Test(arguments: [
    ("dropout", "network=dcgan-keras"), ("generator.alpha", "generator.optimizer=rmsprop"),
    ("discriminator.schedule_steps", "discriminator.schedule=linear or cosine"),
    ("generator.schedule_end", "generator.schedule=linear, cosine or exponential"),
  ]) func aSettingThatDcganDoesNotReadNamesWhatItIsFor(key: String, use: String) {
    #expect(AdversarialRecipe.dcgan.useOfUnreadSetting(key) == use)
  }

  @Test func whatARecipeReadsIsNotRefused() throws {
    var recipe = AdversarialRecipe.dcganKeras
    for key in ["dropout", "batch", "generator.beta1", "generator.epsilon", "network"] {
      #expect(recipe.useOfUnreadSetting(key) == nil)
    }
    #expect(recipe.useOfUnreadSetting("average_warm_up") == nil)
    try recipe.set("average_decay", "0")
    #expect(recipe.useOfUnreadSetting("average_warm_up") == "an average_decay above 0")
    try recipe.set("generator.optimizer", "sgd")
    #expect(recipe.useOfUnreadSetting("generator.beta2") == "generator.optimizer=adam or adamw")
    try recipe.set("generator.schedule", "cosine")
    #expect(recipe.useOfUnreadSetting("generator.schedule_steps") == nil)
  }
}
