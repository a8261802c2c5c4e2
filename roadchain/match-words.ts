/** 256 plain English words, one for each byte, easy to say over a phone. Their order is part of the protocol. */
export const MATCH_WORDS: readonly string[] = `
acorn actor amber anchor angle ankle apple apron arrow autumn axis bacon badge bagel baker balloon bamboo banana banjo
barrel basket beach beaver bell bench berry bicycle birch biscuit blanket blossom boat bonfire book bottle bowl
bracket branch brass bread brick bridge brook broom bubble bucket buffalo butter button cabin cactus camel camera
canal candle canyon carbon cargo carpet carrot castle cedar cello cement chain cherry chess chimney circle citrus clay
clock cloud clover cobalt coconut coffee comet compass copper coral corner cotton cricket crystal cup daisy dawn
desert diamond dinner dolphin domino dragon drum eagle echo elbow ember engine fabric falcon farmer feather fern ferry
fiddle finger flame flute forest fossil fox frost galaxy garden garlic ginger giraffe glacier glove goblet gold
granite grape guitar hammer harbor harvest hazel helmet heron honey horizon igloo island ivory jacket jasmine jelly
jungle kayak kettle kitchen kite ladder lagoon lantern laurel lemon lentil library lilac linen lizard lobster lotus
magnet mango maple marble market meadow melon meteor mirror mitten monkey moss mountain museum mustard napkin nectar
needle nickel noodle nutmeg oak oasis ocean olive onion opal orbit orchid otter oven oyster paddle palace panda paper
parrot peach pebble pelican pencil pepper piano pilot pine planet plum pocket pollen poppy potato puzzle quartz quilt
rabbit radio raven ribbon river robin rocket rose saddle saffron salmon sandal satin saturn shadow shovel silver sofa
sparrow spider spruce stable summer sunset tablet tiger timber tomato tulip tunnel turtle umbrella valley vanilla
velvet violin walnut willow window winter wizard yellow zebra zinc yarn`
  .trim()
  .split(/\s+/);
